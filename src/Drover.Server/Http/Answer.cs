using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Drover.Api;

namespace Drover.Server.Http;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    public static Task Json<T>(HttpContext http, int status, T value) =>
        Bytes(http, status, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, TypeOf<T>()));

    public static Task Problem(HttpContext http, ProblemJson problem) => Bytes(
        http, problem.Status, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.ProblemJson));

    public static Task Bytes(HttpContext http, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    public static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)(ApiJson.Default.GetTypeInfo(typeof(T))
        ?? throw new InvalidOperationException($"{typeof(T).Name} is not in ApiJson"));
}
