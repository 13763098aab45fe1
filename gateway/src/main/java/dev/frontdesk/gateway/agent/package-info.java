// SPDX-License-Identifier: Apache-2.0
/** What agents hold on to while they work: a presence lease, and an inbox of changes to poll. */
@NullMarked
package dev.frontdesk.gateway.agent;

import org.jspecify.annotations.NullMarked;
