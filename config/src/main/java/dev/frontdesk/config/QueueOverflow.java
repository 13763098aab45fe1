// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code queues.<name>.overflow}: where a conversation goes that this queue does not keep. */
public record QueueOverflow(
    @RefersTo("queues") @Doc("The queue it goes to, with its age and clocks.") String queue,
    @Nullable @Doc("It goes after waiting so long in this queue; none: however long.")
        Duration after,
    @Nullable
        @Between(min = 1)
        @Doc("A new one goes at once while so many wait here; none: at maxWaiting.")
        Integer length) {}
