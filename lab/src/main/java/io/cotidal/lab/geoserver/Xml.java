package io.cotidal.lab.geoserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** XML in requests. */
final class Xml {
  private Xml() {}

  /** The outer element; a refusal with that status if the text is no XML. */
  static Element read(byte[] text, int status) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setNamespaceAware(true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(new ByteArrayInputStream(text)).getDocumentElement();
    } catch (SAXException e) {
      throw (Refusal) new Refusal(status, "Invalid XML: " + e).initCause(e);
    } catch (ParserConfigurationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Element> children(Element parent) {
    List<Element> all = new ArrayList<>();
    for (Node one = parent.getFirstChild(); one != null; one = one.getNextSibling()) {
      if (one instanceof Element element) {
        all.add(element);
      }
    }
    return all;
  }

  static String child(Element parent, String name) {
    return children(parent).stream()
        .filter(one -> name.equals(one.getLocalName()))
        .map(one -> one.getTextContent().strip())
        .findFirst()
        .orElse("");
  }

  /** The same document as its JSON form, for layer groups. */
  static JsonNode tree(Element element) {
    List<Element> children = children(element);
    ObjectNode node = Tree.node();
    if (element.hasAttribute("type")) {
      node.put("@type", element.getAttribute("type"));
    }
    if (children.isEmpty() && node.isEmpty()) {
      return Tree.node().put("$", element.getTextContent().strip()).path("$");
    }
    for (Element child : children) {
      String name = child.getLocalName();
      if (node.has(name)) {
        List<JsonNode> all = Tree.list(node, name);
        all.add(tree(child));
        node.set(name, Tree.holder(name, all).path(name));
      } else {
        node.set(name, tree(child));
      }
    }
    return node;
  }
}
