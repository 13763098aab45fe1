// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.Duration;

/** {@code routing.warmUp}. */
public record WarmUp(
    @Default("90s")
        @Doc("Who signs in is offered one conversation, and one more each time this passes.")
        Duration every) {}
