package io.cotidal.remote.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Where a name leads, looked at before anybody goes there. */
public final class Addresses {
  private Addresses() {}

  /**
   * Resolves the name once.
   *
   * @throws HttpTrouble if it cannot be resolved, or leads where the guard does not let us
   */
  public static List<InetAddress> of(HttpAddress address, Guard guard) throws HttpTrouble {
    List<InetAddress> addresses;
    try {
      addresses = List.of(InetAddress.getAllByName(address.host()));
    } catch (UnknownHostException e) {
      throw new HttpTrouble(
          "the name "
              + Words.line(address.host())
              + " cannot be resolved: correct it, or look at this machine's name service",
          e);
    }
    for (InetAddress one : addresses) {
      boolean outside = one.isAnyLocalAddress() || one.isMulticastAddress();
      if (outside || (one.isLinkLocalAddress() && !guard.linkLocal())) {
        throw new HttpTrouble(
            Words.line(address.host())
                + " is "
                + one.getHostAddress()
                + ", an address that is not asked: name another");
      }
    }
    return addresses;
  }

  /**
   * Looks whether a secret may go there in plain.
   *
   * @throws HttpTrouble if it may not to one of them
   */
  public static void refuseToTell(List<InetAddress> addresses, Guard guard) throws HttpTrouble {
    if (!addresses.stream().allMatch(guard::tells)) {
      throw new HttpTrouble("a token is not sent over plain HTTP: use https, or leave it out");
    }
  }
}
