// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a clock warns: after a share of its time ({@code 75%}) or some time before it is due ({@code
 * 30m}); one of the two.
 */
public record WarnLevel(@Nullable Share share, @Nullable Duration before) {}
