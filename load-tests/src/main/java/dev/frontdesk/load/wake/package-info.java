// SPDX-License-Identifier: Apache-2.0
/** How soon those who wait hear of a message, and what it costs that they wait. */
@NullMarked
package dev.frontdesk.load.wake;

import org.jspecify.annotations.NullMarked;
