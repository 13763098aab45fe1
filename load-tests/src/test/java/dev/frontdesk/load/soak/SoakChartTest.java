// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SoakChartTest {

  @Test
  void letters_areDrawnWithoutAFont() {
    BufferedImage image = new BufferedImage(40, 14, BufferedImage.TYPE_INT_RGB);
    Graphics2D on = image.createGraphics();
    on.setColor(Color.WHITE);

    Glyphs.write(on, "i7", 0, 0);

    List<String> rows = new ArrayList<>();
    for (int y = 0; y < Glyphs.HEIGHT; y += 2) {
      StringBuilder row = new StringBuilder();
      for (int x = 0; x < Glyphs.width("i7"); x += 2) {
        row.append((image.getRGB(x, y) & 0xff) == 0 ? ' ' : '#');
      }
      rows.add(row.toString().stripTrailing());
    }
    assertEquals(
        List.of(
            " ###  #####",
            "  #       #",
            "  #      #",
            "  #     #",
            "  #    #",
            "  #    #",
            " ###   #"),
        rows);
  }

  @Test
  void chart_isAPicture_withALineForWhatGrows(@TempDir Path folder) throws IOException {
    SoakPlan plan = new SoakPlan(1, 0.7);
    SoakChart chart = new SoakChart(plan, samples(), FaultPlan.of(3, 60, 5, 9));

    Path file = chart.write(folder.resolve("soak.png"));

    byte[] begin = Arrays.copyOf(Files.readAllBytes(file), 8);
    assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}, begin);
    BufferedImage image = chart.image();
    int line = 0xff1f6fb4;
    // heap is the third panel, left in the second row: low at the beginning, high at the end
    assertTrue(lowest(image, 100, 160, 300, 600, line) > lowest(image, 600, 740, 300, 600, line));
  }

  @Test
  void everyWordOfTheChart_canBeWritten() {
    for (FaultPlan.Kind kind : FaultPlan.Kind.values()) {
      assertTrue(Glyphs.has(kind.name()), kind.name());
    }
    assertTrue(Glyphs.has("Redis data less promised, used (orange), MB 0.5 %"));
  }

  @Test
  void step_isRound() {
    assertEquals(1, SoakChart.step(0));
    assertEquals(20, SoakChart.step(100));
    assertEquals(0.5, SoakChart.step(2), 1e-12);
    assertEquals(500, SoakChart.step(2_100));
  }

  private static List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double mega = (20.0 + i) * 1024 * 1024;
      samples.add(
          new Sample(
              i,
              40,
              i % 7 == 0 ? Double.NaN : 3,
              mega,
              6e6,
              3e8,
              42,
              170,
              7e6,
              5e6,
              1e6,
              2e7,
              9e3,
              900));
    }
    return samples;
  }

  /** The lowest dot of a colour in a part of the picture, from its top. */
  private static int lowest(BufferedImage image, int x1, int x2, int y1, int y2, int colour) {
    int lowest = 0;
    for (int x = x1; x < x2; x++) {
      for (int y = y1; y < y2; y++) {
        lowest = image.getRGB(x, y) == colour ? Math.max(lowest, y) : lowest;
      }
    }
    return lowest;
  }
}
