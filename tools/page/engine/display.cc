/*
 * display.cc - a display that draws nothing.
 *
 * It takes the place of Bochs's "nogui". The page reads text straight from
 * video memory, as it is at that moment, and not as Bochs draws it.
 */
#include "engine.h"

class bx_nogui_gui_c : public bx_gui_c
{
      public:
	bx_nogui_gui_c(void) {}
	DECLARE_GUI_VIRTUAL_METHODS()
};
static bx_nogui_gui_c *theGui = NULL;
IMPLEMENT_GUI_PLUGIN_CODE(nogui)
#define LOG_THIS theGui->

static unsigned text_size[2]; /* columns, rows; 0: a graphics mode */

EXPORT unsigned *pc_text_size(void) { return text_size; }

void bx_nogui_gui_c::dimension_update(unsigned x, unsigned y,
				      unsigned font_height, unsigned font_width,
				      unsigned bits)
{
	guest_textmode = font_height > 0;
	guest_xres = x;
	guest_yres = y;
	guest_bpp = bits;
	text_size[0] = font_width ? x / font_width : 0;
	text_size[1] = font_height ? y / font_height : 0;
}

void bx_nogui_gui_c::specific_init(int, char **, unsigned) { put("PAGE"); }
void bx_nogui_gui_c::handle_events(void) {}
void bx_nogui_gui_c::flush(void) {}
void bx_nogui_gui_c::clear_screen(void) {}
void bx_nogui_gui_c::text_update(Bit8u *, Bit8u *, unsigned long, unsigned long,
				 bx_vga_tminfo_t *)
{
}
void bx_nogui_gui_c::graphics_tile_update(Bit8u *, unsigned, unsigned) {}
bool bx_nogui_gui_c::palette_change(Bit8u, Bit8u, Bit8u, Bit8u) { return 0; }
unsigned bx_nogui_gui_c::create_bitmap(const unsigned char *, unsigned,
				       unsigned)
{
	return 0;
}
unsigned bx_nogui_gui_c::headerbar_bitmap(unsigned, unsigned, void (*)(void))
{
	return 0;
}
void bx_nogui_gui_c::replace_bitmap(unsigned, unsigned) {}
void bx_nogui_gui_c::show_headerbar(void) {}
int bx_nogui_gui_c::get_clipboard_text(Bit8u **, Bit32s *) { return 0; }
int bx_nogui_gui_c::set_clipboard_text(char *, Bit32u) { return 0; }
void bx_nogui_gui_c::mouse_enabled_changed_specific(bool) {}
void bx_nogui_gui_c::exit(void) {}
