// SPDX-License-Identifier: Apache-2.0
/**
 * When we are open: the one calculation of working time, for clocks and for what customers read.
 */
@NullMarked
package dev.frontdesk.gateway.domain.calendar;

import org.jspecify.annotations.NullMarked;
