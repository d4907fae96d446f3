/*
 * keyboard_lights.c - the talk with a keyboard about its lights.
 */
#include "keyboard_lights.h"

#define RESENDS_MAX 3

enum state {
	SILENT,
	SENT_COMMAND,
	SENT_LIGHTS,
};

static int say(struct keyboard_lights *lights, enum state state)
{
	lights->state = (uint8_t)state;
	return state == SENT_COMMAND ? KEYBOARD_SET_LIGHTS : lights->wanted;
}

/* A new command ends whatever the keyboard may still be waiting for. */
int keyboard_lights_want(struct keyboard_lights *lights, uint8_t locks)
{
	lights->wanted = locks;
	lights->resends = 0;
	return say(lights, SENT_COMMAND);
}

bool keyboard_lights_is_answer(uint8_t byte)
{
	return byte == KEYBOARD_ACK || byte == KEYBOARD_RESEND;
}

static int acknowledged(struct keyboard_lights *lights)
{
	if (lights->state == SENT_COMMAND)
		return say(lights, SENT_LIGHTS);
	lights->state = SILENT;
	return LIGHTS_NO_BYTE;
}

static int again(struct keyboard_lights *lights)
{
	if (lights->state == SILENT || lights->resends++ == RESENDS_MAX) {
		lights->state = SILENT;
		return LIGHTS_NO_BYTE;
	}
	return say(lights, (enum state)lights->state);
}

int keyboard_lights_answer(struct keyboard_lights *lights, uint8_t byte)
{
	return byte == KEYBOARD_ACK ? acknowledged(lights) : again(lights);
}
