package io.cotidal.gateway.wire;

/** Where a client's connection is with the request of now. */
enum Step {
  /** A head is waited for, or has begun. */
  HEAD,
  /** The body of a request comes. */
  BODY,
  /** The request is whole; its answer is awaited or sent. */
  ANSWER,
  /** The last answer is sent; what comes is dropped until the client goes. */
  LINGER,
  /** Nothing more comes or goes. */
  CLOSED
}
