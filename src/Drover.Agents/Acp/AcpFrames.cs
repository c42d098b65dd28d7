using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>What the protocol has us write.</summary>
internal static class AcpFrames
{
    public const int InvalidParameters = -32602, InternalError = -32603, ResourceNotFound = -32002;

    public static ReadOnlyMemory<byte> Initialize(int id, AcpState state) => Rpc.Request(id, "initialize", p =>
    {
        p.WriteNumber("protocolVersion", 1);
        p.Inside("clientCapabilities", c =>
        {
            c.Inside("fs", fs =>
            {
                fs.WriteBoolean("readTextFile", state is { Delegates: true, ReadsItself: false });
                fs.WriteBoolean("writeTextFile", state.Delegates);
            });
            c.WriteBoolean("terminal", state.RunsCommands);
        });
        p.Inside("clientInfo", c =>
        {
            c.WriteString("name", "drover");
            c.WriteString("title", "Drover");
            c.WriteString("version", typeof(AcpFrames).Assembly.GetName().Version!.ToString(3));
        });
    });

    /// <summary>session/new, session/load, session/resume or session/fork; only the first has no conversation yet.</summary>
    public static ReadOnlyMemory<byte> Open(int id, string method, AcpState state) => Rpc.Request(id, method, p =>
    {
        if (state.ResumeId is { } session) p.Words("sessionId", session);
        p.Words("cwd", state.WorkingDirectory);
        p.WriteStartArray("mcpServers");
        foreach (var server in state.Servers) Server(p, server);
        p.WriteEndArray();
    });

    private static void Server(Utf8JsonWriter json, McpServer server)
    {
        json.WriteStartObject();
        json.Words("name", server.Name);
        json.Words("command", server.Command[0]);
        json.WriteStartArray("args");
        foreach (var argument in server.Command.Skip(1)) json.WriteStringValue(argument);
        json.WriteEndArray();
        json.WriteStartArray("env");
        foreach (var (name, value) in server.Environment)
        {
            json.WriteStartObject();
            json.Words("name", name);
            json.Words("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static ReadOnlyMemory<byte> Prompt(int id, string session, string text) => Rpc.Request(id, "session/prompt", p =>
    {
        p.Words("sessionId", session);
        p.WriteStartArray("prompt");
        p.WriteStartObject();
        p.WriteString("type", "text");
        p.Words("text", text);
        p.WriteEndObject();
        p.WriteEndArray();
    });

    public static ReadOnlyMemory<byte> Set(int id, string method, string session, params (string Name, string Value)[] values) => Rpc.Request(id, method, p =>
    {
        p.Words("sessionId", session);
        foreach (var (name, value) in values) p.Words(name, value);
    });

    public static ReadOnlyMemory<byte> Cancel(string session) => Rpc.Notice("session/cancel", p => p.Words("sessionId", session));

    /// <summary>The answer to a permission request: the chosen option, or null for "cancelled".</summary>
    public static ReadOnlyMemory<byte> Chosen(string rawId, string? option) => Rpc.Result(rawId, r => r.Inside("outcome", o =>
    {
        o.WriteString("outcome", option is null ? "cancelled" : "selected");
        if (option is not null) o.Words("optionId", option);
    }));

    /// <summary>What was read of a file.</summary>
    public static ReadOnlyMemory<byte> Content(string rawId, string text) => Rpc.Result(rawId, r => r.Words("content", text));

    public static ReadOnlyMemory<byte> Done(string rawId) => Rpc.Result(rawId, _ => { });

    public static ReadOnlyMemory<byte> Started(string rawId, string terminal) => Rpc.Result(rawId, r => r.Words("terminalId", terminal));

    public static ReadOnlyMemory<byte> Exited(string rawId, int? code) => Rpc.Result(rawId, r => Exit(r, code));

    /// <summary>What a command has written, and how it ended if it has.</summary>
    public static ReadOnlyMemory<byte> Output(string rawId, Terminal terminal, string text, bool isCut) => Rpc.Result(rawId, r =>
    {
        r.Words("output", text);
        r.WriteBoolean("truncated", isCut);
        if (terminal.Phase == TerminalPhase.Over) r.Inside("exitStatus", e => Exit(e, terminal.Code));
    });

    private static void Exit(Utf8JsonWriter json, int? code)
    {
        if (code is { } known) json.WriteNumber("exitCode", known);
        else json.WriteNull("exitCode");
        json.WriteString("signal", code is null ? "SIGKILL" : null);
    }
}
