// SPDX-License-Identifier: Apache-2.0
/** Visitors of a website on their WebSocket: what they say is stored, what is answered they see. */
@NullMarked
package dev.frontdesk.gateway.chat;

import org.jspecify.annotations.NullMarked;
