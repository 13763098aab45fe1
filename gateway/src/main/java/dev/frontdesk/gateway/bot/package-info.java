// SPDX-License-Identifier: Apache-2.0
/**
 * Chatbots on their WebSocket: who is there, which of them holds a conversation, what it is told.
 */
@NullMarked
package dev.frontdesk.gateway.bot;

import org.jspecify.annotations.NullMarked;
