// SPDX-License-Identifier: Apache-2.0
/** Waiting for later, in real or simulated time. */
@NullMarked
package dev.frontdesk.gateway.time;

import org.jspecify.annotations.NullMarked;
