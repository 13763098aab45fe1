// SPDX-License-Identifier: Apache-2.0
/** What every WebSocket of the gateway has: bounds, heartbeat, strict frames, a clean end. */
@NullMarked
package dev.frontdesk.gateway.socket;

import org.jspecify.annotations.NullMarked;
