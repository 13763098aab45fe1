// SPDX-License-Identifier: Apache-2.0
/** Telegram bots: updates in by webhook, messages out by the Bot API. */
@NullMarked
package dev.frontdesk.connector.telegram;

import org.jspecify.annotations.NullMarked;
