// SPDX-License-Identifier: Apache-2.0
/** Visitors of a website, on the gateway's own WebSocket. */
@NullMarked
package dev.frontdesk.connector.webchat;

import org.jspecify.annotations.NullMarked;
