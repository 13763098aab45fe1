// SPDX-License-Identifier: Apache-2.0
/** What is found out before a conversation opens: what programs say, the place in the queue. */
@NullMarked
package dev.frontdesk.gateway.classifier;

import org.jspecify.annotations.NullMarked;
