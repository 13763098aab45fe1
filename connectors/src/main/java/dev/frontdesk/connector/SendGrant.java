// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The permission to answer that a platform attaches to something the customer did.
 *
 * @param window how long after the event messages may be sent
 * @param messages how many may be sent within it, or null when their number is free
 */
public record SendGrant(Duration window, @Nullable Integer messages) {}
