// SPDX-License-Identifier: Apache-2.0
/** Load, apply, commit: the one way a conversation changes, in order, on any node. */
@NullMarked
package dev.frontdesk.gateway.conversation;

import org.jspecify.annotations.NullMarked;
