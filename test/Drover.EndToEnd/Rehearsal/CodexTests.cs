using System.Text;
using System.Text.Json;
using Xunit;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>What only Codex does.</summary>
public sealed class CodexTests : IDisposable
{
    private static readonly object ExecCommand = new { type = "function", name = "exec_command", parameters = new { type = "object", properties = new { cmd = new { type = "string" } } } };
    private static readonly object ApplyPatch = new { type = "custom", name = "apply_patch", format = new { type = "grammar" } };
    private static readonly object OldShell = new { type = "function", name = "shell", parameters = new { type = "object", properties = new { command = new { type = "array" } } } };

    private readonly Scratch scratch = new();
    private readonly HttpClient http = new();

    public void Dispose()
    {
        http.Dispose();
        scratch.Dispose();
    }

    [Fact]
    public async Task A_file_is_written_by_a_patch_of_whole_lines_and_else_by_the_shell()
    {
        await using var model = await ModelProcess.Start(scratch, """
            rules:
              - {when: lines, steps: [{edit: {path: d/a.txt, content: "one\ntwo\n"}}]}
            steps: [{edit: {path: "it's", content: half a line}}]
            """);

        var patch = (await Ask(model, [User("lines")], ExecCommand, ApplyPatch)).At("output", "0");
        var shell = (await Ask(model, [User("go")], ExecCommand, ApplyPatch)).At("output", "0");
        var old = (await Ask(model, [User("go")], OldShell)).At("output", "0");

        const string byShell = @"mkdir -p ""$(dirname 'it'\''s')"" && printf %s 'half a line' > 'it'\''s'";
        Assert.Equal(("custom_tool_call", "apply_patch"), (patch.Text("type"), patch.Text("name")));
        Assert.Equal("*** Begin Patch\n*** Add File: d/a.txt\n+one\n+two\n*** End Patch", patch.Text("input"));
        Assert.Equal(("exec_command", byShell), (shell.Text("name"), Arguments(shell).Text("cmd")));
        Assert.Equal(["sh", "-c", byShell], Arguments(old).At("command").EnumerateArray().Select(word => word.GetString()));
    }

    [Fact]
    public async Task A_command_that_is_given_back_before_its_end_is_waited_for_without_moving_the_script()
    {
        await using var model = await ModelProcess.Start(scratch, "steps: [{tool: {run: sleep 60}}, {say: Slept.}]");
        object[] running = [User("go"), Called("exec_command", "c1"), Returned("c1", "Wall time: 10.0 seconds\nProcess running with session ID 4711\nOutput:\n")];
        object[] ended = [.. running, Called("write_stdin", "c2"), Returned("c2", "Process exited with code 0\nOutput:\n")];

        var waiting = (await Ask(model, running, ExecCommand)).At("output", "0");
        var said = await Ask(model, ended, ExecCommand);

        Assert.Equal(("write_stdin", 4711, ""), (waiting.Text("name"), Arguments(waiting).At("session_id").GetInt32(), Arguments(waiting).Text("chars")));
        Assert.Equal("Slept.", said.Text("output", "0", "content", "0", "text"));
    }

    [Fact]
    public async Task A_conversation_that_was_summed_up_in_the_middle_of_a_turn_goes_on_where_it_was()
    {
        await using var model = await ModelProcess.Start(scratch, """
            turns:
              - [{tool: {run: one}}, {say: One.}]
              - [{tool: {run: two}}, {tool: {run: three}}, {say: Three.}]
            """);
        object[] kept = [User("P1"), User("S1"), User("P2")];
        object[] before =
        [
            User("P1"), Called("exec_command", "c1"), Returned("c1", "ok"), User("S1"), Said("One."),
            User("P2"), Called("exec_command", "c2"), Returned("c2", "ok"),
        ];

        var summary = (await Ask(model, [.. before, User("You are performing a CONTEXT CHECKPOINT COMPACTION. Create a handoff summary.")])).Text("output", "0", "content", "0", "text");
        object[] after = [.. kept, User($"Another language model started to solve this problem. Here is its summary:\n{summary}")];
        var next = (await Ask(model, after, ExecCommand)).At("output", "0");
        var steered = (await Ask(model, [.. after, User("S2")], ExecCommand)).At("output", "0");

        Assert.Equal(("three", "three"), (Arguments(next).Text("cmd"), Arguments(steered).Text("cmd")));
        var last = model.Log.Last(line => line.Text("kind") == "main");
        Assert.Equal((2, 2), (last.At("turn").GetInt32(), last.At("reply").GetInt32()));
        Assert.Equal(["P1", "S1", "P2", "S2"], last.At("user_messages").EnumerateArray().Select(text => text.GetString()));
    }

    [Fact]
    public async Task A_prompt_after_the_process_has_died_in_a_command_is_the_next()
    {
        await using var model = await ModelProcess.Start(scratch, "turns: [[{crash: {signal: 9}}], [{say: Back again.}]]");

        var answer = await Ask(model, [User("first"), Called("exec_command", "c1"), Returned("c1", "aborted"), User("second")], ExecCommand);

        Assert.Equal("Back again.", answer.Text("output", "0", "content", "0", "text"));
    }

    private async Task<JsonElement> Ask(ModelProcess model, object[] input, params object[] tools)
    {
        var body = JsonSerializer.Serialize(new { model = "m", input, tools });
        var response = await http.PostAsync($"{model.Url}/v1/responses", new StringContent(body, Encoding.UTF8, "application/json"));
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
    }

    private static JsonElement Arguments(JsonElement call) => JsonSerializer.Deserialize<JsonElement>(call.Text("arguments")!);

    private static object User(string text) => new { role = "user", content = text };

    private static object Said(string text) => new { role = "assistant", content = text };

    private static object Called(string name, string id) => new { type = "function_call", name, call_id = id, arguments = "{}" };

    private static object Returned(string id, string output) => new { type = "function_call_output", call_id = id, output };
}
