package dev.carillon.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML into {@link Element}s. Only the syntax tree is made, no objects: no type can be named
 * in a file.
 *
 * <p>Confined to one thread.
 */
final class YamlReader {
  // Far above any configuration; below what aliases of aliases could blow up to.
  private static final int MAX_ELEMENTS = 1_000_000;
  private static final int MAX_CHARACTERS = 32 * 1024 * 1024;
  private static final int MAX_DEPTH = 50;

  private final Place file;
  private final Substitution substitution;
  private final Mistakes mistakes;
  private int elements;

  YamlReader(Place file, Substitution substitution, Mistakes mistakes) {
    this.file = file;
    this.substitution = substitution;
    this.mistakes = mistakes;
  }

  /** The file's content; empty if there is none, or if it is not YAML. */
  Optional<Element> read(String text) {
    try {
      Node root = composer(text).getSingleNode();
      return root == null ? Optional.empty() : Optional.of(element(root, at(file, root), 0));
    } catch (MarkedYAMLException e) {
      mistakes.add(at(file, lineOf(e)), "not valid YAML: " + String.valueOf(e.getProblem()));
    } catch (ReaderException e) {
      int line = 1 + (int) text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count();
      String got = "not valid YAML: got the character U+%04X, which YAML does not allow";
      mistakes.add(at(file, line), got.formatted(e.getCodePoint()));
    } catch (YAMLException e) {
      mistakes.add(file, "not valid YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static Composer composer(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    return new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options);
  }

  private Element element(Node node, Place place, int depth) {
    if (++elements > MAX_ELEMENTS || depth > MAX_DEPTH) {
      throw new YAMLException("more than it can mean; does an alias contain itself?");
    }
    if (!node.getTag().startsWith(Tag.PREFIX)) {
      mistakes.add(place, "got the tag " + node.getTag() + ", no tags are allowed");
      return new Element.Unreadable(place);
    }
    if (node instanceof MappingNode mapping) {
      return new Element.Mapping(place, entries(mapping, place, depth));
    }
    if (node instanceof SequenceNode sequence) {
      return new Element.Items(place, items(sequence, place, depth));
    }
    ScalarNode scalar = (ScalarNode) node;
    return substitution.apply(
        new Element.Scalar(place, scalar.getValue(), scalar.isPlain()), mistakes);
  }

  private List<Element> items(SequenceNode sequence, Place place, int depth) {
    List<Element> items = new ArrayList<>();
    for (Node node : sequence.getValue()) {
      items.add(element(node, place.item(items.size(), lineOf(node)), depth + 1));
    }
    return items;
  }

  private List<Element.Entry> entries(MappingNode mapping, Place parent, int depth) {
    List<Element.Entry> entries = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = lineOf(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        mistakes.add(new Place(parent.source(), line, parent.key()), "a key must be a word");
        continue;
      }
      Place place = parent.child(key.getValue(), line);
      Integer before = lines.putIfAbsent(key.getValue(), line);
      if (before != null) {
        mistakes.add(place, "given twice; first in line " + before);
        continue;
      }
      Element value = element(tuple.getValueNode(), place, depth + 1);
      entries.add(new Element.Entry(place, key.getValue(), value));
    }
    return entries;
  }

  private static Place at(Place file, Node node) {
    return at(file, lineOf(node));
  }

  private static Place at(Place file, int line) {
    return new Place(file.source(), line, "");
  }

  private static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static int lineOf(MarkedYAMLException e) {
    Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
    return mark == null ? 0 : mark.getLine() + 1;
  }
}
