using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Drover.Api;

namespace Drover.Server.Http;

/// <summary>The two ways the API's records are handled here.</summary>
internal static class WireJson
{
    /// <summary>Unknown and doubled members are mistakes.</summary>
    private static readonly ApiJson Incoming = new(new(ApiJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    });

    /// <summary>Quotes and letters stay readable: answers are JSON, and said to be nothing else (nosniff), never part of a page.</summary>
    private static readonly ApiJson Outgoing = new(new(ApiJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static JsonTypeInfo<T> In<T>() => Of<T>(Incoming);

    public static JsonTypeInfo<T> Out<T>() => Of<T>(Outgoing);

    private static JsonTypeInfo<T> Of<T>(ApiJson context) => (JsonTypeInfo<T>)(context.GetTypeInfo(typeof(T))
        ?? throw new InvalidOperationException($"{typeof(T).Name} is not in ApiJson"));
}
