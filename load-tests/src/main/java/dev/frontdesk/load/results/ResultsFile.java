// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The runs of one day as they stand in {@code load-tests/results/DATE.txt}: some lines about the
 * file, then blocks. A block begins with {@code $ } and the command, and has no empty line in it. A
 * remark may follow the command, after three spaces.
 *
 * @param head the lines before the first block
 */
public record ResultsFile(List<String> head, List<Block> blocks) {

  private static final Pattern NAME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}\\.txt");
  private static final String TITLE = "$ ";
  private static final String REMARK = "   ";

  public ResultsFile {
    head = List.copyOf(head);
    blocks = List.copyOf(blocks);
  }

  /** The files of a folder, oldest first; those with more in their name are something else. */
  public static List<Path> all(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  /** Reads one; a file that is not there is empty. */
  public static ResultsFile read(Path file) throws IOException {
    return Files.exists(file)
        ? parse(Files.readAllLines(file))
        : new ResultsFile(List.of(), List.of());
  }

  static ResultsFile parse(List<String> lines) {
    List<String> head = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    List<String> current = head;
    String command = "";
    for (String line : lines) {
      if (line.startsWith(TITLE)) {
        add(blocks, command, current, head);
        command = line.substring(TITLE.length());
        current = new ArrayList<>();
      } else if (!line.isEmpty() || current == head) {
        current.add(line);
      }
    }
    add(blocks, command, current, head);
    while (!head.isEmpty() && head.get(head.size() - 1).isEmpty()) {
      head.remove(head.size() - 1);
    }
    return new ResultsFile(head, blocks);
  }

  private static void add(
      List<Block> blocks, String command, List<String> lines, List<String> head) {
    if (lines != head) {
      blocks.add(new Block(command, lines));
    }
  }

  /** The command of a block without a remark. */
  static String commandOf(Block block) {
    int remark = block.command().indexOf(REMARK);
    return remark < 0 ? block.command() : block.command().substring(0, remark);
  }

  /** With a block in the place of the one with the same command, or behind all. */
  public ResultsFile with(Block block) {
    List<Block> all = new ArrayList<>(blocks);
    for (int i = 0; i < all.size(); i++) {
      if (commandOf(all.get(i)).equals(commandOf(block))) {
        all.set(i, block);
        return new ResultsFile(head, all);
      }
    }
    all.add(block);
    return new ResultsFile(head, all);
  }

  /** The file as it is written. */
  public String text() {
    StringBuilder text = new StringBuilder();
    head.forEach(line -> text.append(line).append('\n'));
    for (Block block : blocks) {
      text.append('\n').append(TITLE).append(block.command()).append('\n');
      block.lines().forEach(line -> text.append(line).append('\n'));
    }
    return text.toString();
  }
}
