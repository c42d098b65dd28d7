using System.Text.Json;
using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Runs;

/// <summary>What a machine was told, as a row holds it. The text of files and of commands' output, which may be long and many times the same, is left out: it goes into frames,
/// which are stored for themselves, and into nothing that a machine keeps.</summary>
internal static class InputJson
{
    public static string Write(Input input) => input switch
    {
        Input.Begin => EventBody.Object(("kind", "begin")),
        Input.Prompt p => EventBody.Object(("kind", "prompt"), ("message", p.Message.Value), ("text", p.Text)),
        Input.Say s => EventBody.Object(("kind", "say"), ("message", s.Message.Value), ("text", s.Text), ("mode", s.Mode.Word())),
        Input.Interrupt => EventBody.Object(("kind", "interrupt")),
        Input.Answer a => EventBody.Object(("kind", "answer"), ("approval", a.ApprovalId), ("allow", a.Allow), ("why", a.Why)),
        Input.FileDone d => EventBody.Object(("kind", "file"), ("request", d.RequestId), ("result", d.Result.Word())),
        Input.Quiet => EventBody.Object(("kind", "quiet")),
        Input.TerminalStarted t => EventBody.Object(("kind", "terminal_started"), ("terminal", t.Terminal), ("why", t.Why)),
        Input.TerminalOutput o => EventBody.Object(("kind", "terminal_output"), ("request", o.RequestId), ("cut", o.IsCut)),
        Input.TerminalExited t => EventBody.Object(("kind", "terminal_exited"), ("terminal", t.Terminal), ("code", t.Code)),
        Input.TerminalReleased t => EventBody.Object(("kind", "terminal_released"), ("terminal", t.Terminal)),
        Input.Finish => EventBody.Object(("kind", "finish")),
        Input.Exited e => EventBody.Object(("kind", "exited"), ("code", e.ExitCode), ("errors", e.LastErrors)),
        Input.Line or Input.LineTooLong => throw new ArgumentException("lines stand in the spool", nameof(input)),
        _ => throw new ArgumentOutOfRangeException(nameof(input), input, "an input that has no row"),
    };

    public static Input Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var o = document.RootElement;
        string Text(string name) => o.GetProperty(name).GetString()!;
        string? MayBe(string name) => o.TryGetProperty(name, out var text) ? text.GetString() : null;
        int? Code() => o.TryGetProperty("code", out var code) ? code.GetInt32() : null;
        return Text("kind") switch
        {
            "begin" => new Input.Begin(),
            "prompt" => new Input.Prompt(new(Text("message")), Text("text")),
            "say" => new Input.Say(new(Text("message")), Text("text"), Words.Parse<SteerMode>(Text("mode"))),
            "interrupt" => new Input.Interrupt(),
            "answer" => new Input.Answer(Text("approval"), o.GetProperty("allow").GetBoolean(), MayBe("why")),
            "file" => new Input.FileDone(Text("request"), Words.Parse<FileResult>(Text("result")), ""),
            "quiet" => new Input.Quiet(),
            "terminal_started" => new Input.TerminalStarted(Text("terminal"), MayBe("why")),
            "terminal_output" => new Input.TerminalOutput(Text("request"), "", o.GetProperty("cut").GetBoolean()),
            "terminal_exited" => new Input.TerminalExited(Text("terminal"), Code()),
            "terminal_released" => new Input.TerminalReleased(Text("terminal")),
            "finish" => new Input.Finish(),
            "exited" => new Input.Exited(Code(), Text("errors")),
            var kind => throw new FormatException($"an input of kind '{kind}'"),
        };
    }
}
