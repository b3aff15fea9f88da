//! The few functions of libvips and GObject that reading an image takes. Nothing unsafe leaves this file.
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, CString, c_char, c_double, c_int, c_void},
    ptr::{NonNull, null, null_mut},
    sync::OnceLock,
};

/// An object of GLib's: an operation, an image, a source of bytes, a region.
#[repr(C)]
struct GObject {
    _private: [u8; 0],
}

/// Bytes that an operation refers to.
#[repr(C)]
struct VipsArea {
    _private: [u8; 0],
}

unsafe extern "C" {
    fn vips_init(argv0: *const c_char) -> c_int;
    fn vips_cache_set_max(max: c_int);
    fn vips_error_buffer_copy() -> *mut c_char;
    fn vips_error_clear();
    fn g_type_from_name(name: *const c_char) -> usize;
    fn vips_nickname_find(kind: usize) -> *const c_char;
    fn vips_type_find(base: *const c_char, nickname: *const c_char) -> usize;
    fn vips_operation_block_set(name: *const c_char, state: c_int);
    fn vips_foreign_find_load(name: *const c_char) -> *const c_char;
    fn vips_foreign_find_load_buffer(data: *const c_void, size: usize) -> *const c_char;
    fn vips_foreign_find_load_source(source: *mut GObject) -> *const c_char;
    fn vips_source_new_from_file(name: *const c_char) -> *mut GObject;
    fn vips_source_new_from_memory(data: *const c_void, size: usize) -> *mut GObject;
    fn vips_blob_new(
        free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void) -> c_int>,
        data: *const c_void,
        size: usize,
    ) -> *mut VipsArea;
    fn vips_area_unref(area: *mut VipsArea);
    fn vips_operation_new(name: *const c_char) -> *mut GObject;
    fn vips_object_set_argument_from_string(object: *mut GObject, name: *const c_char, value: *const c_char) -> c_int;
    fn vips_object_build(object: *mut GObject) -> c_int;
    fn vips_object_unref_outputs(object: *mut GObject);
    fn vips_image_get_width(image: *const GObject) -> c_int;
    fn vips_image_get_height(image: *const GObject) -> c_int;
    fn vips_image_get_bands(image: *const GObject) -> c_int;
    fn vips_image_get_format(image: *const GObject) -> c_int;
    fn vips_image_get_coding(image: *const GObject) -> c_int;
    fn vips_image_get_interpretation(image: *const GObject) -> c_int;
    fn vips_image_get_xres(image: *const GObject) -> c_double;
    fn vips_image_get_yres(image: *const GObject) -> c_double;
    fn vips_image_hasalpha(image: *mut GObject) -> c_int;
    fn vips_image_get_typeof(image: *const GObject, name: *const c_char) -> usize;
    fn vips_image_get_int(image: *const GObject, name: *const c_char, out: *mut c_int) -> c_int;
    fn vips_image_get_blob(
        image: *const GObject,
        name: *const c_char,
        data: *mut *const c_void,
        size: *mut usize,
    ) -> c_int;
    fn vips_region_new(image: *mut GObject) -> *mut GObject;
    fn vips_region_fetch(
        region: *mut GObject,
        left: c_int,
        top: c_int,
        width: c_int,
        height: c_int,
        size: *mut usize,
    ) -> *mut u8;
    fn g_object_set(object: *mut GObject, name: *const c_char, ...);
    fn g_object_get(object: *mut GObject, name: *const c_char, ...);
    fn g_object_unref(object: *mut GObject);
    fn g_free(memory: *mut c_void);
}

/// A reference to an object, given back when it is dropped.
struct Object(NonNull<GObject>);

// SAFETY: GLib counts references atomically, and libvips lets any thread use an object that no other uses at the time.
unsafe impl Send for Object {}

impl Object {
    /// Takes over a reference; libvips's own words when there is none.
    fn of(object: *mut GObject) -> Result<Self, String> {
        NonNull::new(object).map(Self).ok_or_else(last_error)
    }

    const fn get(&self) -> *mut GObject {
        self.0.as_ptr()
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: this is the reference that the object was made with.
        unsafe { g_object_unref(self.get()) };
    }
}

/// Starts libvips once; whether it can be used.
fn start() -> bool {
    static STARTED: OnceLock<bool> = OnceLock::new();
    *STARTED.get_or_init(|| {
        // SAFETY: called once, before every other function of the library; the name is a string that stays.
        unsafe {
            let started = vips_init(c"lancet".as_ptr()) == 0;
            if started {
                // Operations that are kept would refer to bytes which are the caller's again.
                vips_cache_set_max(0);
            }
            started
        }
    })
}

/// The first line of what libvips has to say about the last failure, and of what it said before that and nobody read.
fn last_error() -> String {
    // SAFETY: the function gives a string of its own, ended by zero, which is freed once.
    unsafe {
        let text = vips_error_buffer_copy();
        if text.is_null() {
            return String::new();
        }
        let line = CStr::from_ptr(text).to_string_lossy().lines().next().unwrap_or_default().to_owned();
        g_free(text.cast());
        line
    }
}

/// Whether this libvips has a loader of this nickname.
pub(super) fn has_loader(nickname: &CStr) -> bool {
    // SAFETY: the library is started; both names are strings.
    start() && unsafe { vips_type_find(c"VipsForeignLoad".as_ptr(), nickname.as_ptr()) } != 0
}

/// Forbids or allows a class of operations and all that are made from it.
pub(super) fn block(class: &str, state: bool) {
    let Ok(class) = CString::new(class) else { return };
    if start() {
        // SAFETY: the library is started; it ignores names that it does not know.
        unsafe { vips_operation_block_set(class.as_ptr(), state.into()) };
    }
}

/// Where the encoded bytes are.
pub(super) enum From<'a> {
    Memory(&'a [u8]),
    /// A path without options behind it.
    File(CString),
}

/// An image that libvips reads; pixels are made as they are asked for. `'a` is the life of the bytes.
pub(super) struct Picture<'a> {
    image: Object,
    loader: String,
    _bytes: std::marker::PhantomData<&'a [u8]>,
}

impl<'a> Picture<'a> {
    /// Finds the loader for some bytes and opens them with those options that it knows; `None` when there is no loader.
    pub(super) fn open(from: From<'a>, options: &[(&CStr, CString)]) -> Option<Result<Self, String>> {
        if !start() {
            return None;
        }
        // SAFETY: the library is started; pointers and lengths are those of slices and strings that outlive the calls, and
        // what refers to the bytes longer is the image, which does not outlive them.
        unsafe {
            vips_error_clear();
            let loader = match &from {
                // Brackets at the end of a name would be read as options.
                From::File(path) if path.to_bytes().ends_with(b"]") => null(),
                From::File(path) => vips_foreign_find_load(path.as_ptr()),
                From::Memory(bytes) => vips_foreign_find_load_buffer(bytes.as_ptr().cast(), bytes.len()),
            };
            if !loader.is_null() {
                return Some(Self::load(loader, &from, None, options));
            }
            let source = Object::of(match &from {
                From::File(path) => vips_source_new_from_file(path.as_ptr()),
                From::Memory(bytes) => vips_source_new_from_memory(bytes.as_ptr().cast(), bytes.len()),
            });
            let source = source.ok()?;
            let loader = vips_foreign_find_load_source(source.get());
            if loader.is_null() {
                vips_error_clear();
                return None;
            }
            Some(Self::load(loader, &from, Some(source), options))
        }
    }

    /// # Safety
    /// `loader` is the name of a class of loaders; `source`, if there is one, refers to the bytes of `from`.
    unsafe fn load(
        loader: *const c_char,
        from: &From<'a>,
        source: Option<Object>,
        options: &[(&CStr, CString)],
    ) -> Result<Self, String> {
        // SAFETY: names and values are strings; lists of properties end in null; each value has the type of its property:
        // a blob, a source, a string, and an image that is given out.
        unsafe {
            let end = null::<c_char>();
            let operation = Object::of(vips_operation_new(loader))?;
            for (name, value) in options {
                // A loader that has no such option says so, which is no failure.
                vips_object_set_argument_from_string(operation.get(), name.as_ptr(), value.as_ptr());
            }
            match (source, from) {
                (Some(source), _) => g_object_set(operation.get(), c"source".as_ptr(), source.get(), end),
                (None, From::File(path)) => g_object_set(operation.get(), c"filename".as_ptr(), path.as_ptr(), end),
                (None, From::Memory(bytes)) => {
                    let blob = vips_blob_new(None, bytes.as_ptr().cast(), bytes.len());
                    if blob.is_null() {
                        return Err(last_error());
                    }
                    g_object_set(operation.get(), c"buffer".as_ptr(), blob, end);
                    vips_area_unref(blob);
                }
            }
            vips_error_clear();
            let built = vips_object_build(operation.get());
            let mut image = null_mut::<GObject>();
            if built == 0 {
                g_object_get(operation.get(), c"out".as_ptr(), &raw mut image, end);
            }
            vips_object_unref_outputs(operation.get());
            let image = Object::of(image)?;
            let nickname = vips_nickname_find(g_type_from_name(loader));
            let known = !nickname.is_null();
            let loader = if known { CStr::from_ptr(nickname).to_string_lossy().into_owned() } else { String::new() };
            Ok(Self { image, loader, _bytes: std::marker::PhantomData })
        }
    }

    /// Nickname of the loader that opened it.
    pub(super) fn loader(&self) -> &str {
        &self.loader
    }

    /// Pixels across and down, and samples of a pixel.
    pub(super) fn size(&self) -> Option<(u32, u32, u16)> {
        let image = self.image.get();
        // SAFETY: the image lives.
        let (width, height, bands) =
            unsafe { (vips_image_get_width(image), vips_image_get_height(image), vips_image_get_bands(image)) };
        Some((width.try_into().ok()?, height.try_into().ok()?, bands.try_into().ok()?))
    }

    /// The numbers of the sample type, of the coding, and of what samples mean.
    pub(super) fn kind(&self) -> (c_int, c_int, c_int) {
        let image = self.image.get();
        // SAFETY: the image lives.
        unsafe { (vips_image_get_format(image), vips_image_get_coding(image), vips_image_get_interpretation(image)) }
    }

    pub(super) fn has_alpha(&self) -> bool {
        // SAFETY: the image lives; the function only looks at its fields.
        unsafe { vips_image_hasalpha(self.image.get()) != 0 }
    }

    /// Pixels in a millimetre, horizontally and vertically.
    pub(super) fn density(&self) -> (f64, f64) {
        // SAFETY: the image lives.
        unsafe { (vips_image_get_xres(self.image.get()), vips_image_get_yres(self.image.get())) }
    }

    fn has(&self, name: &CStr) -> bool {
        // SAFETY: the image lives, the name is a string.
        unsafe { vips_image_get_typeof(self.image.get(), name.as_ptr()) != 0 }
    }

    /// An integer of the metadata.
    pub(super) fn int(&self, name: &CStr) -> Option<i32> {
        let mut value = 0;
        // SAFETY: as above; the value is written before it is read.
        let read =
            self.has(name) && unsafe { vips_image_get_int(self.image.get(), name.as_ptr(), &raw mut value) } == 0;
        read.then_some(value)
    }

    /// A block of the metadata.
    pub(super) fn blob(&self, name: &CStr) -> Option<Vec<u8>> {
        let (mut data, mut size) = (null(), 0);
        if !self.has(name) {
            return None;
        }
        // SAFETY: as above; the block belongs to the image, has `size` bytes, and is copied.
        unsafe {
            let read = vips_image_get_blob(self.image.get(), name.as_ptr(), &raw mut data, &raw mut size) == 0;
            (read && !data.is_null()).then(|| std::slice::from_raw_parts(data.cast::<u8>(), size).to_vec())
        }
    }

    /// Makes the pixels of some rows, which must be within the image; `use_them` gets their bytes.
    pub(super) fn rows<T>(&mut self, top: u32, count: u32, use_them: impl FnOnce(&[u8]) -> T) -> Result<T, String> {
        let [top, count] = [top, count].map(|value| c_int::try_from(value).unwrap_or(c_int::MAX));
        // SAFETY: the image lives; the region is used by this thread alone and dropped here; the bytes are the function's
        // own, `size` of them, and freed once.
        unsafe {
            vips_error_clear();
            let width = vips_image_get_width(self.image.get());
            let region = Object::of(vips_region_new(self.image.get()))?;
            let mut size = 0;
            let bytes = vips_region_fetch(region.get(), 0, top, width, count, &raw mut size);
            if bytes.is_null() {
                return Err(last_error());
            }
            let used = use_them(std::slice::from_raw_parts(bytes, size));
            g_free(bytes.cast());
            Ok(used)
        }
    }
}
