//! What the kernel and its tests share: COM1, the end, and boot_info's start.
#![no_std]

use core::arch::asm;
use core::fmt;
use core::panic::PanicInfo;

/// The first fields of struct boot_info, see docs/boot-protocol.md.
#[repr(C)]
pub struct BootInfo {
    pub magic: u64,
    pub version: u32,
    pub size: u32,
    pub build_id: u64,
}

pub const BOOT_INFO_MAGIC: u64 = 0x4F46_4E49_544F_4F42;

fn out(port: u16, value: u8) {
    unsafe { asm!("out dx, al", in("dx") port, in("al") value) }
}

pub struct Serial;

impl fmt::Write for Serial {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| out(0x3F8, byte));
        Ok(())
    }
}

#[macro_export]
macro_rules! println {
    ($($arguments:tt)*) => {{
        use core::fmt::Write;
        let _ = writeln!($crate::Serial, $($arguments)*);
    }};
}

/// Leaves QEMU with status 33 or 35; stops where there is no such port.
pub fn leave(good: bool) -> ! {
    out(0xF4, if good { 0x10 } else { 0x11 });
    loop {
        unsafe { asm!("cli", "hlt") }
    }
}

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    println!("{}", info);
    leave(false)
}

/// `core` was compiled to unwind, and names this; nothing here unwinds.
#[no_mangle]
pub extern "C" fn rust_eh_personality() {}

#[no_mangle]
pub extern "C" fn _Unwind_Resume() -> ! {
    leave(false)
}

/// # Safety
/// The four that compilers call by themselves, as C has them.
#[no_mangle]
pub unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, bytes: usize) -> *mut u8 {
    asm!("rep movsb", inout("rcx") bytes => _, inout("rdi") to => _, inout("rsi") from => _);
    to
}

/// # Safety
/// As C has it.
#[no_mangle]
pub unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, bytes: usize) -> *mut u8 {
    if (to as usize).wrapping_sub(from as usize) >= bytes {
        return memcpy(to, from, bytes);
    }
    asm!("std", "rep movsb", "cld", inout("rcx") bytes => _,
        inout("rdi") to.wrapping_add(bytes).wrapping_sub(1) => _,
        inout("rsi") from.wrapping_add(bytes).wrapping_sub(1) => _);
    to
}

/// # Safety
/// As C has it.
#[no_mangle]
pub unsafe extern "C" fn memset(to: *mut u8, value: i32, bytes: usize) -> *mut u8 {
    asm!("rep stosb", inout("rcx") bytes => _, inout("rdi") to => _, in("al") value as u8);
    to
}

/// # Safety
/// As C has it.
#[no_mangle]
pub unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, bytes: usize) -> i32 {
    for i in 0..bytes {
        let (a, b) = (a.add(i).read_volatile(), b.add(i).read_volatile());
        if a != b {
            return a as i32 - b as i32;
        }
    }
    0
}

/// # Safety
/// As C has it.
#[no_mangle]
pub unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, bytes: usize) -> i32 {
    memcmp(a, b, bytes)
}
