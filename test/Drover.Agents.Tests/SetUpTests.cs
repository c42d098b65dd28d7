using Xunit;

namespace Drover.Agents.Tests;

public sealed class SetUpTests
{
    [Fact]
    public void The_programs_of_the_solution_are_built() =>
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "Drover.Agents.Tests.dll")));
}
