package io.cotidal.feeds.geoserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** XML without document types: they may name files and servers of their own. */
final class Xml {
  private Xml() {}

  /**
   * The outer element.
   *
   * @throws SAXException if it is no XML, or has a document type
   */
  static Element read(byte[] bytes) throws SAXException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      factory.setNamespaceAware(true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(new ByteArrayInputStream(bytes)).getDocumentElement();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the parser of every Java knows these", e);
    } catch (IOException e) {
      // Bytes that are no text in the encoding that they claim.
      throw new SAXException(e);
    }
  }

  /** The document as text. */
  static String write(Document document) {
    try {
      TransformerFactory factory = TransformerFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      Transformer writer = factory.newTransformer();
      writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      writer.setOutputProperty(OutputKeys.ENCODING, "US-ASCII");
      StringWriter text = new StringWriter();
      writer.transform(new DOMSource(document), new StreamResult(text));
      return text.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException("a document that was read can be written", e);
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

  static Optional<Element> child(Element parent, String name) {
    return children(parent).stream().filter(one -> name.equals(one.getLocalName())).findFirst();
  }

  /** The child of that name; made if there is none. */
  static Element ensure(Element parent, String name) {
    return child(parent, name).orElseGet(() -> append(parent, name));
  }

  static Element append(Element parent, String name) {
    Element made = parent.getOwnerDocument().createElement(name);
    parent.appendChild(made);
    return made;
  }

  /** Text for the inside of an element, in ASCII. */
  static String escaped(String text) {
    StringBuilder all = new StringBuilder();
    text.codePoints()
        .forEach(one -> {
          switch (one) {
            case '&' -> all.append("&amp;");
            case '<' -> all.append("&lt;");
            case '>' -> all.append("&gt;");
            default -> {
              if (one < 127) {
                all.appendCodePoint(one < ' ' && one != '\n' && one != '\t' ? ' ' : one);
              } else {
                all.append("&#").append(one).append(';');
              }
            }
          }
        });
    return all.toString();
  }
}
