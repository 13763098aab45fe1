// SPDX-License-Identifier: Apache-2.0
/** The gateway: its command line and its wiring. */
@NullMarked
package dev.frontdesk.gateway;

import org.jspecify.annotations.NullMarked;
