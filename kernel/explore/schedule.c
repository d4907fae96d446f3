/*
 * schedule.c - all scenarios, and schedules as strings, see scenario.h.
 */
#include "format.h"
#include "kernel/explore/scenario.h"
#include "string.h"

/* ---- Scenarios ----------------------------------------------------------- */

const struct scenario *scenario_at(size_t n)
{
	if (n < right_scenario_count)
		return &right_scenarios[n];
	n -= right_scenario_count;
	if (n < killed_scenario_count)
		return &killed_scenarios[n];
	n -= killed_scenario_count;
	return n < wrong_scenario_count ? &wrong_scenarios[n] : NULL;
}

bool scenario_is_wrong(const struct scenario *scenario)
{
	return scenario >= wrong_scenarios &&
	       scenario < wrong_scenarios + wrong_scenario_count;
}

bool scenario_is_killed(const struct scenario *scenario)
{
	return scenario >= killed_scenarios &&
	       scenario < killed_scenarios + killed_scenario_count;
}

/* ---- Schedules ----------------------------------------------------------- */

#define AFTER_MAX 1000000

static bool has_name(const struct scenario *scenario, const char *text,
		     size_t length)
{
	return strlen(scenario->name) == length &&
	       strncmp(scenario->name, text, length) == 0;
}

static const struct scenario *find_scenario(const char *text, size_t length)
{
	const struct scenario *scenario;

	for (size_t n = 0; (scenario = scenario_at(n)); n++)
		if (has_name(scenario, text, length))
			return scenario;
	return NULL;
}

/* A decimal number; NULL: there is none. */
static const char *read_number(const char *text, uint32_t *number)
{
	const char *start = text;

	for (*number = 0; *text >= '0' && *text <= '9'; text++) {
		*number = *number * 10 + (uint32_t)(*text - '0');
		if (*number > AFTER_MAX)
			return NULL;
	}
	return text == start ? NULL : text;
}

bool schedule_read(const char *text, struct schedule *schedule)
{
	const char *colon = strchr(text, ':');

	if (!colon)
		return false;
	schedule->scenario = find_scenario(text, (size_t)(colon - text));
	schedule->kind = colon[1];
	schedule->count = 0;
	if (!schedule->scenario || !colon[1] ||
	    !strchr(schedule->scenario->kinds, colon[1]))
		return false;
	for (text = colon + 2; *text && schedule->count < SCHEDULE_MOST;) {
		if (schedule->count && *text++ != ',')
			return false;
		text = read_number(text, &schedule->after[schedule->count++]);
		if (!text)
			return false;
	}
	return !*text;
}

void schedule_write(const struct schedule *schedule, char *text)
{
	int length = ksnprintf(text, SCHEDULE_TEXT, "%s:%c",
			       schedule->scenario->name, schedule->kind);

	for (size_t i = 0; i < schedule->count; i++)
		length += ksnprintf(text + length,
				    SCHEDULE_TEXT - (size_t)length, "%s%u",
				    i ? "," : "", schedule->after[i]);
}
