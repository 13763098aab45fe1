// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;

/**
 * A soak as a picture: one panel for each figure over the minutes, each from nought; faults are
 * thin lines, the time that counts for slopes is white. Needs no display and no font.
 */
final class SoakChart {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 300;
  private static final int LEFT = 96;
  private static final int TOP = 34;
  private static final int BOTTOM = 34;
  private static final int RIGHT = 20;
  private static final int LEGEND = 40;
  private static final double MEGABYTE = 1024 * 1024;
  private static final Color SETTLING = new Color(0xf1f1ee);
  private static final Color GRID = new Color(0xd9d9d4);
  private static final Color INK = new Color(0x2b2b28);
  private static final Color[] LINES = {new Color(0x1f6fb4), new Color(0xd9722e)};

  private final SoakPlan plan;
  private final List<Sample> samples;
  private final List<FaultPlan.Planned> faults;

  SoakChart(SoakPlan plan, List<Sample> samples, List<FaultPlan.Planned> faults) {
    this.plan = plan;
    this.samples = samples;
    this.faults = faults;
  }

  /** One or two figures in one panel. */
  private record Panel(String title, List<ToDoubleFunction<Sample>> figures) {}

  private static List<Panel> panels() {
    return List.of(
        new Panel("messages accepted a second", List.of(Sample::accepted)),
        new Panel("p99 from plan to accepted, ms", List.of(Sample::p99Millis)),
        new Panel("heap after collection, MB", List.of(s -> s.heap() / MEGABYTE)),
        new Panel(
            "direct (blue), resident (orange), MB",
            List.of(s -> s.direct() / MEGABYTE, s -> s.resident() / MEGABYTE)),
        new Panel(
            "Redis data less promised, used (orange), MB",
            List.of(s -> s.working() / MEGABYTE, s -> s.usedMemory() / MEGABYTE)),
        new Panel("append-only file, MB", List.of(s -> s.appendOnlyFile() / MEGABYTE)),
        new Panel(
            "own descriptors, all (orange)", List.of(Sample::descriptors, Sample::allDescriptors)),
        new Panel("conversations kept", List.of(Sample::conversations)));
  }

  /** Draws it into a file. */
  Path write(Path file) throws IOException {
    System.setProperty("java.awt.headless", "true");
    if (!ImageIO.write(image(), "png", file.toFile())) {
      throw new IOException("this JDK does not write PNG");
    }
    return file;
  }

  BufferedImage image() {
    List<Panel> panels = panels();
    int rows = (panels.size() + 1) / 2;
    BufferedImage image =
        new BufferedImage(2 * WIDTH, rows * HEIGHT + LEGEND, BufferedImage.TYPE_INT_RGB);
    Graphics2D on = image.createGraphics();
    on.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    on.setColor(Color.WHITE);
    on.fillRect(0, 0, image.getWidth(), image.getHeight());
    for (int i = 0; i < panels.size(); i++) {
      draw(on, panels.get(i), i % 2 * WIDTH, i / 2 * HEIGHT);
    }
    legend(on, rows * HEIGHT + 12);
    on.dispose();
    return image;
  }

  private void draw(Graphics2D on, Panel panel, int x, int y) {
    int width = WIDTH - LEFT - RIGHT;
    int height = HEIGHT - TOP - BOTTOM;
    double most = 0;
    for (ToDoubleFunction<Sample> figure : panel.figures()) {
      for (Sample sample : samples) {
        double value = figure.applyAsDouble(sample);
        most = Double.isFinite(value) ? Math.max(most, value) : most;
      }
    }
    double step = step(most);
    double top = Math.max(step, Math.ceil(most / step) * step);
    int left = x + LEFT;
    int bottom = y + TOP + height;
    on.setColor(SETTLING);
    on.fillRect(left, y + TOP, width * plan.settled() / plan.seconds(), height);
    on.setColor(INK);
    Glyphs.write(on, panel.title(), left, y + 10);
    for (double at = 0; at <= top * 1.001; at += step) {
      int level = bottom - (int) Math.round(at / top * height);
      on.setColor(GRID);
      on.drawLine(left, level, left + width, level);
      on.setColor(INK);
      String label = number(at);
      Glyphs.write(on, label, left - 8 - Glyphs.width(label), level - Glyphs.HEIGHT / 2);
    }
    for (FaultPlan.Planned fault : faults) {
      int at = left + (int) Math.round(fault.second() / plan.seconds() * width);
      on.setColor(colour(fault.kind()));
      on.drawLine(at, bottom - height / 12, at, bottom);
    }
    on.setColor(INK);
    double minutes = step(plan.seconds() / 60.0);
    for (double at = 0; at <= plan.seconds() / 60.0 + 0.001; at += minutes) {
      int place = left + (int) Math.round(at * 60 / plan.seconds() * width);
      String label = number(at);
      Glyphs.write(on, label, place - Glyphs.width(label) / 2, bottom + 8);
    }
    on.setStroke(new BasicStroke(1.6f));
    for (int i = 0; i < panel.figures().size(); i++) {
      on.setColor(LINES[i]);
      line(on, panel.figures().get(i), left, bottom, width / (double) plan.seconds(), height / top);
    }
    on.setStroke(new BasicStroke(1f));
  }

  /** Lines between the points there are: a figure that was not had leaves no gap. */
  private void line(
      Graphics2D on,
      ToDoubleFunction<Sample> figure,
      int left,
      int bottom,
      double perSecond,
      double perUnit) {
    List<int[]> points = new ArrayList<>();
    for (Sample sample : samples) {
      double value = figure.applyAsDouble(sample);
      if (Double.isFinite(value)) {
        int px = left + (int) Math.round(Math.min(sample.second(), plan.seconds()) * perSecond);
        points.add(new int[] {px, bottom - (int) Math.round(value * perUnit)});
      }
    }
    int[] xs = points.stream().mapToInt(point -> point[0]).toArray();
    int[] ys = points.stream().mapToInt(point -> point[1]).toArray();
    on.drawPolyline(xs, ys, xs.length);
  }

  private void legend(Graphics2D on, int y) {
    int x = LEFT;
    on.setColor(INK);
    Glyphs.write(on, "minutes, faults:", x, y);
    x += Glyphs.width("minutes, faults: ");
    for (FaultPlan.Kind kind : FaultPlan.Kind.values()) {
      on.setColor(colour(kind));
      Glyphs.write(on, kind.name(), x, y);
      x += Glyphs.width(kind.name()) + 2 * Glyphs.ADVANCE;
    }
  }

  private static Color colour(FaultPlan.Kind kind) {
    return switch (kind) {
      case KILL -> new Color(0xc62828);
      case CUT -> new Color(0x8e24aa);
      case PAUSE -> new Color(0x00838f);
      case REWRITE -> new Color(0x6d4c41);
      case RELOAD -> new Color(0x2e7d32);
      case REFUSING -> new Color(0xf9a825);
      case SLOW -> new Color(0xad1457);
    };
  }

  /** A round number of which about five reach a value. */
  static double step(double most) {
    if (most <= 0) {
      return 1;
    }
    double raw = most / 5;
    double ten = Math.pow(10, Math.floor(Math.log10(raw)));
    double times = raw / ten;
    return (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10) * ten;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
