//! A test that is a kernel: it boots, asserts, and leaves QEMU. A false assertion
//! panics and leaves with 35; a reset, or 20 seconds, are failures as well.
#![no_std]
#![no_main]

use kernel::{leave, println, BootInfo, BOOT_INFO_MAGIC};

#[no_mangle]
pub extern "C" fn _start(info: &BootInfo) -> ! {
    assert_eq!(info.magic, BOOT_INFO_MAGIC);
    assert_eq!(info.version, 1);
    assert_eq!(1 + 1, 2);
    println!("All assertions hold.");
    leave(true)
}
