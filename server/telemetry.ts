// Telemetry: spans of requests and of lanes' batches, for who runs a collector. Where none is named nothing of it is loaded or made, so it costs
// nothing; a span has the endpoint's pattern and counts, never an address, a name or a body.

import type { Attributes, Span, Tracer } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Does work inside a span. */
export type Traced = <T>(name: string, attributes: Attributes, work: () => Promise<T>) => Promise<T>

export interface Telemetry {
  readonly traced: Traced
  readonly traceRequests: (app: FastifyInstance) => void
  /** Sends what is left. */
  stop(): Promise<void>
}

/** `endpoint` is the collector's, e.g. `http://127.0.0.1:4318`. */
export async function startTelemetry(endpoint: string): Promise<Telemetry> {
  const [{ BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ])
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  const tracer = provider.getTracer('quartermaster')
  return { traced: tracedBy(tracer), traceRequests: (app) => traceRequests(app, tracer), stop: () => provider.shutdown() }
}

/** `SpanStatusCode.ERROR`; its module is loaded only with the rest. */
const ERROR = 2

const tracedBy =
  (tracer: Tracer): Traced =>
  async (name, attributes, work) => {
    const span = tracer.startSpan(name, { attributes })
    try {
      return await work()
    } catch (error) {
      span.setStatus({ code: ERROR })
      throw error
    } finally {
      span.end()
    }
  }

function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  const spans = new WeakMap<FastifyRequest, Span>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, routeOptions, id } = request
    const endpoint = routeOptions.url ?? 'none'
    const attributes = { 'http.request.method': method, 'http.route': endpoint, 'request.id': id }
    spans.set(request, tracer.startSpan(`${method} ${endpoint}`, { attributes }))
    done()
  })
  app.addHook('onResponse', (request, { statusCode }, done) => {
    const span = spans.get(request)
    span?.setAttribute('http.response.status_code', statusCode)
    if (statusCode >= 500) span?.setStatus({ code: ERROR })
    span?.end()
    done()
  })
}
