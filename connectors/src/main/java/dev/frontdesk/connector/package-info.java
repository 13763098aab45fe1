// SPDX-License-Identifier: Apache-2.0
/** What code for a platform is written against: the connector SPI and the values that cross it. */
@NullMarked
package dev.frontdesk.connector;

import org.jspecify.annotations.NullMarked;
