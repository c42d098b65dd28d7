using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Drover.Api;
using Drover.Server.Recordings;
using Drover.Server.Verbs;
using Xunit;

namespace Drover.Server.Tests.Recordings;

public sealed class ReadVerbTests : IDisposable
{
    private const string Success = """
        {"type":"system","subtype":"init","session_id":"s-1","model":"m"}
        {"type":"assistant","message":{"model":"m","stop_reason":null,"content":[{"type":"text","text":"done & well"}]}}
        {"type":"result","subtype":"success","is_error":false,"result":"done & well","stop_reason":"end_turn","uuid":"u","usage":{"input_tokens":10,"output_tokens":5}}

        """;

    private readonly string _root = Directory.CreateTempSubdirectory("drover-read-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Events_are_told_in_the_words_of_the_journal_with_their_lines_and_the_end_comes_last()
    {
        Assert.Equal(ExitCodes.Done, Read(Success));

        Assert.Equal(["agent.ready", "conversation.started", "turn.started", "text", "usage", "turn.ended", "ended"], Lines().Select(l => l.GetProperty("type").GetString()!));
        Assert.Equal([1, 1, 1, 2, 3, 3], Lines().SkipLast(1).Select(l => l.GetProperty("line").GetInt32()));
        Assert.Equal("done & well", Lines()[3].GetProperty("data").GetProperty("text").GetString());
        Assert.StartsWith("""{"type":"ended","outcome":"succeeded","class":null,"retryable":false,"resetsAt":null""", _output.ToString().TrimEnd().Split('\n')[^1]);
        Assert.Empty(_errors.ToString());
    }

    [Fact]
    public void A_transcript_is_told_from_raw_output_by_its_lines_and_messages_keep_their_ids()
    {
        var exit = Read("""
            {"t_ms": 1, "dir": "in", "msg": {"type":"control_request","request_id":"their-own","request":{"subtype":"initialize"}}}
            {"t_ms": 2, "dir": "out", "msg": {"type":"control_response","response":{"subtype":"success","request_id":"their-own"}}}
            {"t_ms": 3, "dir": "in", "msg": {"type":"user","message":{"role":"user","content":"go"},"uuid":"first"}}
            {"t_ms": 4, "dir": "out", "msg": {"type":"system","subtype":"init","session_id":"s-1","model":"m"}}
            {"t_ms": 5, "dir": "in", "msg": {"type":"user","message":{"role":"user","content":"use tabs"},"uuid":"second"}}
            {"t_ms": 6, "dir": "out", "msg": {"type":"user","message":{"role":"user","content":"use tabs"},"uuid":"second","isReplay":true}}
            {"t_ms": 7, "dir": "in", "msg": {"type":"control_request","request_id":"i","request":{"subtype":"interrupt"}}}
            {"t_ms": 8, "dir": "out", "msg": {"type":"result","subtype":"error_during_execution","is_error":true,"terminal_reason":"aborted_streaming"}}
            """);

        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal(
            ["agent.ready", "prompt.written", "conversation.started", "turn.started", "prompt.accepted", "steer.written", "steer.acknowledged", "turn.ended", "ended"],
            Lines().Select(l => l.GetProperty("type").GetString()!));
        Assert.Equal("second", Lines()[6].GetProperty("data").GetProperty("steer").GetString());
        Assert.Equal("interrupted", Lines()[^1].GetProperty("outcome").GetString());
    }

    [Fact]
    public void A_stream_without_its_end_has_failed_and_how_the_process_ended_can_be_told()
    {
        File.WriteAllText(Path.Combine(_root, "errors"), "out of memory\n");
        var cut = string.Join('\n', Success.Split('\n').Take(2)) + "\n";

        Assert.Equal(ExitCodes.Done, Read(cut));
        Assert.Equal(ExitCodes.Done, Read(cut, "--exit", "-9"));
        Assert.Equal(ExitCodes.Done, Read(cut, "--exit=1", "--stderr", Path.Combine(_root, "errors")));

        var ends = Lines().Where(l => l.GetProperty("type").GetString() == "ended").ToList();
        Assert.Equal(["crashed", "killed", "crashed"], ends.Select(e => e.GetProperty("class").GetString()));
        Assert.Contains("out of memory", ends[2].GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("pi")]
    [InlineData("codex")]
    public void The_stream_of_another_agent_is_refused(string adapter)
    {
        File.WriteAllText(Path.Combine(_root, "theirs"), Success);

        Assert.Equal(ExitCodes.Failed, ReadVerb.Run(["--adapter", adapter, "theirs"], Io, () => Stream.Null));

        Assert.Contains("no line of it is a message", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_a_file_too()
    {
        Assert.Equal(ExitCodes.Done, ReadVerb.Run(["--adapter", "claude", "-"], Io, () => new MemoryStream(Encoding.UTF8.GetBytes(Success))));

        Assert.Equal("succeeded", Lines()[^1].GetProperty("outcome").GetString());
    }

    [Fact]
    public void The_compressed_output_of_a_settled_run_is_read_as_it_was_written_and_a_damaged_one_is_refused()
    {
        var path = Path.Combine(_root, "out.gz");
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest)) packed.Write(Encoding.UTF8.GetBytes(Success));

        Assert.Equal(ExitCodes.Done, ReadVerb.Run(["--adapter", "claude", "out.gz"], Io, () => Stream.Null));
        Assert.Equal("succeeded", Lines()[^1].GetProperty("outcome").GetString());

        File.WriteAllBytes(path, [0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        Assert.Equal(ExitCodes.Failed, ReadVerb.Run(["--adapter", "claude", "out.gz"], Io, () => Stream.Null));
        Assert.Contains("out.gz cannot be read", _errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCodes.Usage, "did you mean 'claude'", "--adapter", "cloude", "x")]
    [InlineData(ExitCodes.Usage, "--adapter NAME is needed", "x")]
    [InlineData(ExitCodes.Usage, "FILE is needed", "--adapter", "acp")]
    [InlineData(ExitCodes.Usage, "--adapter needs a value", "x", "--adapter")]
    [InlineData(ExitCodes.Usage, "'--quick' is not understood", "--adapter", "acp", "x", "--quick")]
    [InlineData(ExitCodes.Usage, "not 'often'", "--adapter", "acp", "x", "--exit", "often")]
    [InlineData(ExitCodes.Failed, "nowhere cannot be read", "--adapter", "acp", "nowhere")]
    [InlineData(ExitCodes.Failed, "cannot be read", "--adapter", "acp", ".")]
    public void A_wrong_order_is_told_with_what_would_be_right(int expected, string says, params string[] args)
    {
        Assert.Equal(expected, ReadVerb.Run(args, Io, () => Stream.Null));

        Assert.Contains(says, _errors.ToString());
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public void What_is_no_recording_is_refused_with_file_line_and_reason()
    {
        File.WriteAllBytes(Path.Combine(_root, "r"), [0xff, 0xfe, 0, 1, (byte)'\n', 0x80, 0x81]);

        Assert.Equal(ExitCodes.Failed, ReadVerb.Run(["--adapter", "claude", "r"], Io, () => Stream.Null));

        Assert.Contains("r: no line of it is a message of claude; line 1: not UTF-8", _errors.ToString());
        Assert.Equal("failed", Lines()[^1].GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("claude", null, "crashed", "the agent wrote nothing")]
    [InlineData("codex", null, "crashed", "the agent wrote nothing")]
    [InlineData("acp", null, "crashed", "the agent wrote nothing")]
    [InlineData("pi", null, "crashed", "the agent wrote nothing")]
    [InlineData("command", null, "crashed", "the agent wrote nothing")]
    [InlineData("gemini", null, "crashed", "the agent wrote nothing")]
    [InlineData("claude", "137", "killed", "the agent wrote nothing; the agent's process was ended by signal 9 before it could take a prompt: Out of memory")]
    [InlineData("gemini", "41", "auth", "the agent wrote nothing; the agent's process exited with 41: Out of memory")]
    public void An_empty_recording_is_a_failed_run_judged_by_how_the_process_ended(string adapter, string? exit, string expected, string reason)
    {
        File.WriteAllText(Path.Combine(_root, "r"), "");
        File.WriteAllText(Path.Combine(_root, "errors"), "Out of memory\n");
        string[] how = exit is null ? [] : ["--exit", exit, "--stderr", "errors"];

        Assert.Equal(ExitCodes.Done, ReadVerb.Run(["--adapter", adapter, "r", .. how], Io, () => Stream.Null));

        var end = Lines()[^1];
        Assert.Equal(("ended", "failed", expected), (end.GetProperty("type").GetString(), end.GetProperty("outcome").GetString(), end.GetProperty("class").GetString()));
        Assert.Equal(reason, end.GetProperty("reason").GetString());
        Assert.Empty(_errors.ToString());
    }

    [Fact]
    public void A_last_line_that_is_cut_off_and_one_that_is_too_long_are_named_and_the_rest_is_read()
    {
        var lines = Success.Split('\n');

        Assert.Equal(ExitCodes.Done, Read($"{lines[0]}\n{new string('x', 11 * 1024 * 1024)}\n{lines[1]}\n{lines[2][..40]}"));

        Assert.Contains("r:2: not a message: a line of 11534336 bytes was passed over", _errors.ToString());
        Assert.Contains("r:4: the last line is cut off", _errors.ToString());
        Assert.Contains(Lines(), l => l.GetProperty("type").GetString() == "text");
        Assert.Equal("failed", Lines()[^1].GetProperty("outcome").GetString());
    }

    private VerbIo Io => new(_root, DroverHome.At(_root), _output, _errors);

    private int Read(string text, params string[] more)
    {
        File.WriteAllText(Path.Combine(_root, "r"), text);
        return ReadVerb.Run(["--adapter", "claude", "r", .. more], Io, () => Stream.Null);
    }

    private List<JsonElement> Lines() => [.. _output.ToString().TrimEnd().Split('\n').Select(l => JsonSerializer.Deserialize<JsonElement>(l))];
}
