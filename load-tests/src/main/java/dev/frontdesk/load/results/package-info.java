// SPDX-License-Identifier: Apache-2.0
/** What runs printed, kept with commit and machine, and the tables of figures made of it. */
@NullMarked
package dev.frontdesk.load.results;

import org.jspecify.annotations.NullMarked;
