using System.Text.Json;
using Drover.Api;

namespace Drover.Server.Http;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    public static Task Json<T>(HttpContext http, int status, T value) =>
        Bytes(http, status, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Out<T>()));

    public static Task Problem(HttpContext http, ProblemJson problem) => Bytes(
        http, problem.Status, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(problem, WireJson.Out<ProblemJson>()));

    public static Task Bytes(HttpContext http, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
