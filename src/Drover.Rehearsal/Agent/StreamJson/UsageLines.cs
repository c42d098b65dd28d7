using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>The <c>usage</c> objects of the protocol, which differ by where they stand.</summary>
internal static class UsageLines
{
    /// <summary>Of a message that is still being written.</summary>
    public static void WriteProvisional(Utf8JsonWriter json, Tokens tokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", tokens.Input);
        json.WriteNumber("output_tokens", 1);
        json.WriteNumber("cache_creation_input_tokens", tokens.CacheWrite);
        json.WriteNumber("cache_read_input_tokens", tokens.CacheRead);
        json.WriteString("service_tier", "standard");
        json.WriteEndObject();
    }

    public static void WriteTotal(Utf8JsonWriter json, Tokens tokens) => Write(json, tokens, "standard", "", hasIterations: true);

    /// <summary>Of a message that no model has written.</summary>
    public static void WriteNothing(Utf8JsonWriter json) => Write(json, Tokens.None, null, null, hasIterations: false);

    private static void Write(Utf8JsonWriter json, Tokens tokens, string? tier, string? geography, bool hasIterations)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", tokens.Input);
        json.WriteNumber("cache_creation_input_tokens", tokens.CacheWrite);
        json.WriteNumber("cache_read_input_tokens", tokens.CacheRead);
        json.WriteNumber("output_tokens", tokens.Output);
        json.WriteStartObject("server_tool_use");
        json.WriteNumber("web_search_requests", 0);
        json.WriteNumber("web_fetch_requests", 0);
        json.WriteEndObject();
        json.WriteString("service_tier", tier);
        json.WriteStartObject("cache_creation");
        json.WriteNumber("ephemeral_1h_input_tokens", 0);
        json.WriteNumber("ephemeral_5m_input_tokens", 0);
        json.WriteEndObject();
        json.WriteString("inference_geo", geography);
        if (hasIterations)
        {
            json.WriteStartArray("iterations");
            json.WriteEndArray();
            json.WriteString("speed", "standard");
        }
        else
        {
            json.WriteNull("iterations");
            json.WriteNull("speed");
        }

        json.WriteEndObject();
    }
}
