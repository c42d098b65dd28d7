using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

public sealed class AgentFilesTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("drover-home-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void What_a_program_keeps_in_the_users_home_is_made_before_its_first_run_for_the_user_alone()
    {
        Directory.CreateDirectory(Path.Combine(_home, ".pi"));
        File.WriteAllText(Path.Combine(_home, ".codex"), "in the way");
        File.WriteAllText(Path.Combine(_home, ".mine.json"), "mine");

        AgentFiles.Make(_home, [".claude/", ".claude.json", ".mine.json", ".pi/agent/", ".codex/"]);
        AgentFiles.Make(_home, [".claude/", ".claude.json"]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_home, ".claude")));
        Assert.True(Directory.Exists(Path.Combine(_home, ".pi/agent")));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(_home, ".claude.json")).TrimEnd());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_home, ".claude.json")));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_home, ".mine.json")));
        Assert.Equal("in the way", File.ReadAllText(Path.Combine(_home, ".codex")));
    }
}
