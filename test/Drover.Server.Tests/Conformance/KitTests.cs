using Drover.Agents;
using Drover.Api;
using Drover.Node.Repositories;
using Drover.Node.Sandboxing;
using Drover.Server.Conformance;
using Drover.Server.Doctor;
using Drover.Server.Tests.Runs;
using Xunit;

namespace Drover.Server.Tests.Conformance;

/// <summary>The conformance kit against scripted agents, which can do all that their protocol can, and against programs that are broken on purpose.</summary>
public sealed class KitTests : IDisposable
{
    private readonly string _base = Directory.CreateTempSubdirectory("drover-kit-").FullName;
    private readonly StringWriter _progress = new();

    private DroverHome Home => DroverHome.At(Path.Combine(_base, "home"));

    public void Dispose() => Directory.Delete(_base, recursive: true);

    [Theory]
    [InlineData("claude", "stream-json")]
    [InlineData("acp", "acp")]
    public async Task A_scripted_agent_passes_all_that_its_protocol_can(string adapter, string protocol)
    {
        var card = Assert.Single(await Prove(KitSubject.Of("scripted", Adapters.Find(adapter)!, [Path.GetFullPath(Workshop.Rehearsal), "agent", "--protocol", protocol, "--script", "builtin:hello"])));

        Assert.All(card.Steps, s => Assert.Equal((s.Step, "passed", null), (s.Step, s.Result, s.Why)));
        Assert.Equal(Enum.GetValues<KitStep>().Length, card.Steps.Count);
        Assert.Contains("✓ interrupt", _progress.ToString());
        Assert.IsType<Proof.Fresh>(new Cards(Home).Of(adapter, card.Command));
    }

    [Fact]
    public async Task A_broken_program_is_refused_with_the_step_that_failed_and_what_was_seen()
    {
        const string Version = "[ \"$1\" = --version ] && { echo '2.1.197 (Claude Code)'; exit 0; }\n";
        var shims = new (string Name, string Script, string Step, string Why, string Seen)[]
        {
            ("exits", Version + "echo 'boom: no such module' >&2; exit 3", "start", "exited with 3 before it could take a prompt", "standard error: boom: no such module"),
            ("hangs", Version + "exec sleep 600", "start", "did not answer the handshake within", ""),
            ("babbles", Version + "while :; do echo 'hello, I am no protocol'; sleep 0.2; done", "start", "'hello, I am no protocol'", "standard output: hello, I am no protocol"),
            ("greets", Version + """
                read -r line
                echo '{"type":"control_response","response":{"subtype":"success","request_id":"drover-hello","response":{}}}'
                echo 'waiting for nothing' >&2
                exec sleep 600
                """, "prompt_accepted", "gave no sign", "standard error: waiting for nothing"),
            ("deaf", Version + "exec <&-; while :; do sleep 1; done", "start", "did not answer the handshake within", ""),
            ("floods", Version + "exec yes '{\"type\":\"x\"}'", "start", "before it could take a prompt", "standard output: {\"type\":\"x\"}"),
            ("paints", "printf '\\033]0;title\\007 red \\033[31m\\n'; exit 0", "start", "--version printed no version", "]0;title  red  [31m"),
            ("lies", "echo 'I am the newest'; exit 0", "start", "--version printed no version", "I am the newest"),
            ("fails", "echo 'cannot run' >&2; exit 1", "start", "--version ended with exit code 1", "cannot run"),
        };

        var cards = await Prove([.. shims.Select(s => KitSubject.Of(s.Name, Adapters.Find("claude")!, [Shim(s.Name, s.Script)]))]);

        Assert.All(shims.Zip(cards), pair =>
        {
            var (shim, card) = pair;
            var failed = Assert.Single(card.Steps, s => s.Result == "failed");
            Assert.Equal((shim.Name, shim.Step), (shim.Name, failed.Step));
            Assert.Contains(shim.Why, failed.Why);
            Assert.True(shim.Seen.Length == 0 || failed.Evidence.Any(e => e.Contains(shim.Seen, StringComparison.Ordinal)), $"{shim.Name}: {string.Join('\n', failed.Evidence)}");
            Assert.DoesNotContain(card.Steps.SelectMany(s => s.Evidence.Append(s.Why ?? "")), text => text.Any(char.IsControl));
            Assert.All(card.Steps.Where(s => s != failed && s.Step != "start"), s => Assert.Equal("skipped", s.Result));
            Assert.Equal(Grade.Fail, CardText.Judge(card).Grade);
            Assert.Contains($"is refused: {shim.Step} failed:", CardText.Judge(card).Text);
            Assert.NotNull(new Cards(Home).Of("claude", card.Command).Refusal);
        });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"adapter":"claude"}""")]
    [InlineData("""{"name":"n","adapter":"claude","command":["/bin/true"],"version":"1.0","mark":"m","kit":1,"isolation":"none","steps":[{"step":"start","result":"splendid","evidence":[]}]}""")]
    [InlineData("""{"name":"n","adapter":"claude","command":["/bin/true"],"version":"1.0","mark":"m","kit":1,"isolation":"none","steps":[null]}""")]
    [InlineData("no JSON")]
    public void A_card_that_is_not_whole_or_of_another_Drover_proves_nothing_and_stops_nobody(string text)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(Home.Path, "cards")).FullName, "claude.json"), text);

        Assert.IsType<Proof.None>(new Cards(Home).Of("claude", ["/bin/true"]));
    }

    private string Shim(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_base, "bin")).FullName, name);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    private async Task<IReadOnlyList<CardJson>> Prove(params KitSubject[] subjects)
    {
        var git = ((GitProbe.Ready)await Node.Repositories.Git.Find(TimeProvider.System, Node.Repositories.Scratch.Temporary, TestContext.Current.CancellationToken)).Git;
        var sandbox = await SandboxProbe.Try(TimeProvider.System, TestContext.Current.CancellationToken);
        return await new AgentsProof(Home, git, sandbox, TextWriter.Synchronized(_progress), TimeProvider.System)
            .Prove(subjects, Workshop.Rehearsal, TestContext.Current.CancellationToken);
    }
}
