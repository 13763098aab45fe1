// SPDX-License-Identifier: Apache-2.0
/** The {@code line} connector: LINE Messaging API. */
@NullMarked
package dev.frontdesk.connector.line;

import org.jspecify.annotations.NullMarked;
