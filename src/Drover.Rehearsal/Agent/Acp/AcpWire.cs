using System.Text.Json;

namespace Drover.Rehearsal.Agent.Acp;

/// <summary>JSON-RPC 2.0 messages, one per line.</summary>
internal sealed class AcpWire(LineWriter output)
{
    public void Answer(JsonElement id, Action<Utf8JsonWriter> result) => output.Write(json =>
    {
        Head(json, id);
        json.WriteStartObject("result");
        result(json);
        json.WriteEndObject();
    });

    public void Fail(JsonElement id, int code, string message, Action<Utf8JsonWriter>? data) => output.Write(json =>
    {
        Head(json, id);
        json.WriteStartObject("error");
        json.WriteNumber("code", code);
        json.WriteString("message", message);
        if (data is not null)
        {
            json.WriteStartObject("data");
            data(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    public void Request(int id, string method, Action<Utf8JsonWriter> parameters) => output.Write(json =>
    {
        json.WriteString("jsonrpc", "2.0");
        json.WriteNumber("id", id);
        json.WriteString("method", method);
        json.WriteStartObject("params");
        parameters(json);
        json.WriteEndObject();
    });

    public void Update(string sessionId, string kind, Action<Utf8JsonWriter> body) => output.Write(json =>
    {
        json.WriteString("jsonrpc", "2.0");
        json.WriteString("method", "session/update");
        json.WriteStartObject("params");
        json.WriteString("sessionId", sessionId);
        json.WriteStartObject("update");
        json.WriteString("sessionUpdate", kind);
        body(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public void Verbatim(string line) => output.WriteText(line);

    private static void Head(Utf8JsonWriter json, JsonElement id)
    {
        json.WriteString("jsonrpc", "2.0");
        json.WritePropertyName("id");
        id.WriteTo(json);
    }
}
