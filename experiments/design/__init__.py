"""What is asked: settings composed, designs, questions, and the plan of runs that follows from them."""
