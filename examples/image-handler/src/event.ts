/** A request, wherever it came from. */
export interface HttpRequest {
  /** Decoded, with its leading slash. */
  path: string;
  query: Record<string, string>;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** A load balancer asks; it wants a status text. */
  fromLoadBalancer: boolean;
}

/** What the events of API Gateway (REST) and of load balancers have in common. */
export interface LambdaEvent {
  path: string;
  headers?: Record<string, string | undefined> | null;
  queryStringParameters?: Record<string, string | undefined> | null;
  requestContext?: object;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function toHttpRequest(event: LambdaEvent): HttpRequest {
  const fromLoadBalancer = event.requestContext !== undefined && "elb" in event.requestContext;
  const entries = (values: Record<string, string | undefined> | null | undefined) =>
    Object.entries(values ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return {
    path: decode(event.path),
    // A load balancer leaves the query as it was sent.
    query: Object.fromEntries(entries(event.queryStringParameters).map(([name, value]) => [name, fromLoadBalancer ? decode(value) : value])),
    headers: Object.fromEntries(entries(event.headers).map(([name, value]) => [name.toLowerCase(), value])),
    fromLoadBalancer
  };
}
