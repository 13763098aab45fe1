// SPDX-License-Identifier: Apache-2.0
/** What we send to platforms: in order per conversation, retried here and nowhere else. */
@NullMarked
package dev.frontdesk.gateway.outbox;

import org.jspecify.annotations.NullMarked;
