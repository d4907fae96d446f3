//! A kernel in Rust.
#![no_std]
#![no_main]

use kernel::{leave, println, BootInfo, BOOT_INFO_MAGIC};

#[no_mangle]
pub extern "C" fn _start(info: &BootInfo) -> ! {
    assert_eq!(info.magic, BOOT_INFO_MAGIC);
    println!("Hello from Rust. This is image {:016x}.", info.build_id);
    leave(true)
}
