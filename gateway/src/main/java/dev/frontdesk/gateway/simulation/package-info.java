// SPDX-License-Identifier: Apache-2.0
/**
 * Plays a day of arrivals against the real routing and clocks in virtual time: what would happen.
 */
@NullMarked
package dev.frontdesk.gateway.simulation;

import org.jspecify.annotations.NullMarked;
