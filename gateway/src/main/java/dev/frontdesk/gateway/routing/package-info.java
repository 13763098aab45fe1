// SPDX-License-Identifier: Apache-2.0
/** Waiting conversations meet agents with room: reads queues, asks the policy, makes offers. */
@NullMarked
package dev.frontdesk.gateway.routing;

import org.jspecify.annotations.NullMarked;
