using Drover.Api;

namespace Drover.Server.Http;

/// <summary>The outermost middleware: the one place where a request's failure becomes an answer.</summary>
internal sealed partial class Edge(ILogger log)
{
    public async Task Run(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: 404 or 405, ContentLength: null }) await Nothing(http);
        }
        catch (Refusal e) when (!http.Response.HasStarted)
        {
            await Answer.Problem(http, e.ToProblem());
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Answer.Problem(http, ProblemJson.Of(Problems.InvalidRequest, e.Message));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        catch (Exception e)
        {
            LogFailed(e, http.Request.Method, http.Request.Path);
            if (http.Response.HasStarted) http.Abort();
            else await Answer.Problem(http, ProblemJson.Of(Problems.Internal, "the server's log says more (server.log in DROVER_HOME)"));
        }
    }

    private static Task Nothing(HttpContext http) => http.Response.StatusCode == 405
        ? Answer.Problem(http, ProblemJson.Of(Problems.MethodNotAllowed, $"{http.Request.Path} does not take {http.Request.Method}"))
        : Answer.Problem(http, ProblemJson.Of(Problems.NoSuchRoute, $"there is nothing at {http.Request.Path}; GET /openapi/v1.json lists what there is"));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailed(Exception e, string method, string path);
}
